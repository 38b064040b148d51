/*
 * Types of Web APIs that workerd's types declare globally and Node's do not. The ledger, which the
 * simulator runs on Node, uses them.
 */
type CryptoKey = import("node:crypto").webcrypto.CryptoKey;
type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
