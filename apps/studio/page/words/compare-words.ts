/** The words of comparing two pictures, in both languages. */

const en = {
  choose: (name: string, look: string) => `Compare the dream of ${name}, look ${look}`,
  chooseTwo: 'Choose two pictures to compare them.',
  chooseOne: 'Choose one more.',
  start: 'Compare these two',
  heading: 'Compare',
  back: 'Back to the gallery',
  gone: 'One of these pictures is not in the gallery any more.',
  bySlider: 'By slider',
  sideBySide: 'Side by side',
  way: 'How they are shown',
  slider: 'Compare the first picture with the second',
  sliderValue: (percent: number) => `${percent} % first, ${100 - percent} % second`,
  first: 'First',
  second: 'Second',
  picture: (place: string, name: string, look: string) => `${place}: the dream of ${name}, look ${look}`,
  differences: 'What differs in their recipes',
  same: 'Nothing: they were made in the same way.',
  setting: 'Setting',
  facts: { photo: 'Photo', network: 'Network', mask: 'Mask', guides: 'Guides', stopped: 'Stopped early' },
  none: 'none',
};

const zh: typeof en = {
  choose: (name, look) => `对比 ${name} 的梦，风格 ${look}`,
  chooseTwo: '选两张图片进行对比。',
  chooseOne: '再选一张。',
  start: '对比这两张',
  heading: '对比',
  back: '回到图库',
  gone: '其中一张图片已经不在图库里了。',
  bySlider: '用滑块',
  sideBySide: '并排',
  way: '显示方式',
  slider: '对比第一张与第二张',
  sliderValue: (percent) => `第一张 ${percent}%，第二张 ${100 - percent}%`,
  first: '第一张',
  second: '第二张',
  picture: (place, name, look) => `${place}：${name} 的梦，风格 ${look}`,
  differences: '配方的不同之处',
  same: '没有不同：制作方式完全一样。',
  setting: '设置',
  facts: { photo: '照片', network: '网络', mask: '蒙版', guides: '参考图', stopped: '提前停止' },
  none: '无',
};

/** By language. */
export const compareWords = { en, zh };
