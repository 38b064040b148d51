/** CommonJS, as the SDK is, asks for Node's modules by require, which an ES module has not. */
globalThis.require = process.getBuiltinModule;
