/** The SDK is CommonJS and needs `require`, which an ES module does not have. */
globalThis.require = process.getBuiltinModule;
