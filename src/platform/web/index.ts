/** The library for browsers: the portable library, and onnxruntime on WebAssembly. */
export * from '../../index.js';
export { createWebPlatform, type WebPlatformOptions } from './platform.js';
