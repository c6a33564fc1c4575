/** The ONNX file format: bytes to Model and back. This room knows nothing else. */
export type { Attribute, Graph, Model, Node, ValueInfo } from './model.js';
export { quoted } from './quoted.js';
export { type ReadModelOptions, readModel } from './read.js';
export { dtypeOfWire, type ExternalData } from './read-tensor.js';
export { asFloats, asNumbers, type DType, elementCount, floats, ints, type Tensor, type TensorData } from './tensor.js';
export { writeModel } from './write.js';
