/** Networks: what a model file says about its input, and conversion from Keras. */
export { type KerasLayer, kerasToOnnx, type QuantisedWeight } from './keras.js';
export { Network, type NetworkSource } from './network.js';
export { fromNetwork, type Preprocessing, toNetwork, valueRange } from './preprocessing.js';
