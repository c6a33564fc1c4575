/** What is said of servers, in English. */
export const serverWords = {
  where: 'Where dreams are made',
  here: 'In this browser',
  there: 'On the server',
  private: 'The photo goes to the server that this page comes from, and nowhere else.',
  gallery: 'Every picture that you make is kept in this browser, and what the server makes comes here too.',
  silent: 'The server does not answer. It is asked again every second; what it has begun is not lost.',
  token: 'The server asks for its token (PAREIDOLIA_TOKEN):',
  enter: 'Enter',
  jobs: 'On the server now',
  job: (kind: string, name: string) => (name === '' ? kind : `${kind}: ${name}`),
  kinds: {
    dream: 'Dream',
    zoom: 'Zoom movie',
    video: 'Video',
    visualize: 'Visualizations',
    atlas: 'Atlas',
    activations: 'Activations',
    grid: 'Grid',
  } as Readonly<Record<string, string>>,
  states: {
    queued: 'Waits for its turn',
    running: 'Running',
    waiting: 'Its parts are being made',
    paused: 'Paused',
  } as Readonly<Record<string, string>>,
  watch: 'Watch',
  watchName: (title: string) => `Watch ${title}`,
  cancelName: (title: string) => `Cancel ${title}`,
};

/** What a server refuses, and what can be done. */
export const serverRefusals = {
  'server/gone': 'The server does not answer. Start it again, or have the dream made in this browser.',
  'server/network': 'Layers of this network are not shown here. Take the built-in one, or dream in this browser.',
  'server/stopping': 'The server is about to end. Try again when it is back.',
  'server/bug': 'The server could not do this; its log says why. Try again, or have it made in this browser.',
  'token/missing': 'The server asks for another token. Enter the right one.',
  'queue/full': 'The server has too much to do already. Try again later, or have it made in this browser.',
  'queue/client-full': 'You have too many unfinished jobs on the server. Cancel some, or wait.',
  'body/too-large': 'The server takes photos of at most 64 MiB. Use a smaller copy.',
  'job/canceled': 'The dream was cancelled on the server. Start it again if you want it.',
  'job/quarantined':
    'The dream crashed twice on the server, which has put it aside. Try a smaller size, or have it made in this browser.',
  'job/missing': 'The server does not have this job any more. Start it again.',
  'picture/missing': 'The server does not have the photo any more. Open it again.',
} as Readonly<Record<string, string>>;
