/** The thread that finds optical flow: WebAssembly blocks the thread it runs on, so it gets one of its own. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import cv, { type Mat } from '@techstark/opencv-js';
import { assert } from '../../../../errors.js';
import type { FlowField, LightPicture } from '../../../../movie/index.js';
import type { FlowAnswer, FlowRequest } from './flow-protocol.js';

/** What OpenCV is before it is ready. */
interface Loading {
  onRuntimeInitialized?: () => void;
}

const ready = new Promise<void>((resolve) => {
  if (typeof cv.Mat === 'function') resolve();
  else (cv as Loading).onRuntimeInitialized = resolve;
});

/**
 * Dense flow by polynomial expansion (Farnebäck, "Two-frame motion estimation based on polynomial expansion", 2003), which
 * is all the dense flow that this build of OpenCV has. The numbers are those of OpenCV's own example, which were also
 * the best of nine sets on pans and zooms over a photo, but with 5 scales, for faster motion.
 */
const farneback = { scale: 0.5, levels: 5, window: 15, iterations: 3, neighbourhood: 5, sigma: 1.2, flags: 0 };

function find({ from, to }: FlowRequest): FlowField {
  const { width, height } = from;
  const [first, second, result] = [matOf(from), matOf(to), new cv.Mat()];
  try {
    const { scale, levels, window, iterations, neighbourhood, sigma, flags } = farneback;
    cv.calcOpticalFlowFarneback(first, second, result, scale, levels, window, iterations, neighbourhood, sigma, flags);
    const [x, y] = [new Float32Array(width * height), new Float32Array(width * height)];
    for (let i = 0; i < x.length; i++) {
      x[i] = result.data32F[2 * i]!;
      y[i] = result.data32F[2 * i + 1]!;
    }
    return { width, height, x, y };
  } finally {
    for (const mat of [first, second, result]) mat.delete();
  }
}

function matOf({ width, height, data }: LightPicture): Mat {
  const mat = new cv.Mat(height, width, cv.CV_8UC1);
  mat.data.set(data);
  return mat;
}

function answer(request: FlowRequest): FlowAnswer {
  try {
    return { flow: find(request) };
  } catch (cause) {
    // OpenCV throws the address of its exception.
    return { error: typeof cause === 'number' ? cv.exceptionFromPtr(cause).msg : String(cause) };
  }
}

function listen(port: MessagePort): void {
  port.on('message', async (request: FlowRequest) => {
    await ready;
    const reply = answer(request);
    const moved = 'flow' in reply ? [reply.flow.x.buffer, reply.flow.y.buffer] : [];
    port.postMessage(reply, moved as ArrayBuffer[]);
  });
}

assert(parentPort, 'this module runs in a worker thread');
listen(parentPort);
