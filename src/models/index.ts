/** Networks: the built-in one, what a model file says about its input, and conversion from Keras. */
export { type KerasLayer, kerasToOnnx, type QuantisedWeight } from './keras.js';
