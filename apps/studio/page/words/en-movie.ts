/** What is said of movies, in English. */
export const movieWords = {
  what: 'What is made',
  picture: 'Picture',
  movie: 'Movie',
  heading: 'Zoom movie',
  hint: 'The camera flies into the photo, and every frame dreams on the frame before.',
  start: 'Make the movie',
  try: (frames: number) => `Try ${frames} frames`,
  facts: (frames: number, time: string) => `${frames} frames, plays ${time}`,
  at: (done: number, total: number) => `${done} of ${total} frames`,
  player: 'Movie',
  of: (photo: string) => `The zoom movie of ${photo}`,
  download: 'Download the movie',
  close: 'Back to the photo',
  flashes: (flashes: number, at: number) =>
    `It flashes ${flashes} times in the second from ${at.toFixed(1)} s. More than three can harm people with photosensitive epilepsy.`,
  options: {
    frames: 'Frames',
    fps: 'Frames a second',
    zoom: 'Zoom a frame',
    rotate: 'Turn a frame',
    panX: 'To the right',
    panY: 'Down',
    drift: 'What holds the tones',
    driftTo: 'Whose tones they are',
    loop: 'At the end',
    reverse: 'Show the last frame first',
  },
  choices: {
    none: 'Nothing',
    'mean-std': 'Mean and deviation',
    histogram: 'Histogram',
    luma: 'Light alone, colours are free',
    first: "The photo's",
    moving: "Each frame's own before it dreams",
    'ping-pong': 'Play it backwards too',
    seamless: 'Fly back into the photo',
  },
  keyframes: 'Keyframes',
  keyframesHint: 'Where the camera changes: the values go from one keyframe to the next.',
  addKeyframe: 'Add a keyframe',
  keyframe: (frame: number) => `Keyframe ${frame}`,
  removeKeyframe: (frame: number) => `Remove keyframe ${frame}`,
  frame: 'Frame',
  ease: 'How it goes on',
  easings: {
    linear: 'Evenly',
    in: 'Slow at first',
    out: 'Slow at last',
    'in-out': 'Slow at both ends',
    hold: 'Not at all, then at once',
  },
};

/** What is refused about movies, and what can be done. */
export const movieRefusals = {
  'movie/no-encoder':
    'This browser cannot write movies: it has no WebCodecs encoder. Use a current Chrome, Edge, Firefox or Safari, or have a server make the movie.',
} as Readonly<Record<string, string>>;
