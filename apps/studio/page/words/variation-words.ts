/** The words of the grid of variations, in both languages. */

const en = {
  open: 'Try variations',
  heading: 'Variations',
  intro:
    'Small dreams of this photo side by side, with one or two settings varied and all else as you have it. Take the one you like.',
  first: 'Vary',
  second: 'And',
  nothing: 'nothing else',
  preset: 'Look',
  values: (name: string) => `Values of ${name}`,
  valuesHint: 'Separate values with commas; mixes of layers with semicolons.',
  make: (count: number) => (count > 0 ? `Make ${count} small dreams` : 'Make small dreams'),
  stop: 'Stop',
  progress: (done: number, all: number) => `${done} of ${all} made`,
  take: (told: string) => `Take ${told}`,
  failed: 'Not possible',
  notStarted: 'Open a photo first.',
  back: 'Back to the photo',
};

const zh: typeof en = {
  open: '试试不同的设置',
  heading: '对照',
  intro: '把这张照片的小梦并排放在一起，只变一两项设置，其余照旧。喜欢哪个就用哪个。',
  first: '改变',
  second: '以及',
  nothing: '没有别的',
  preset: '风格',
  values: (name) => `“${name}”的取值`,
  valuesHint: '用逗号分隔各个取值；图层的组合之间用分号。',
  make: (count) => (count > 0 ? `做 ${count} 个小梦` : '做小梦'),
  stop: '停止',
  progress: (done, all) => `已完成 ${done}/${all}`,
  take: (told) => `使用 ${told}`,
  failed: '无法做出',
  notStarted: '请先打开一张照片。',
  back: '回到照片',
};

/** By language. */
export const variationWords = { en, zh };
