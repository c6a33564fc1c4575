/** The words of painting a mask, in both languages. */

const en = {
  open: 'Mask',
  openTitle: 'Paint where the photo dreams',
  tools: 'Mask tools',
  paint: 'Brush',
  erase: 'Eraser',
  size: 'Size of the brush',
  shape: 'Add a shape…',
  eraseShape: 'Erase a shape…',
  shapes: {
    ellipse: 'Ellipse in the middle',
    rectangle: 'Rectangle in the middle',
    left: 'Left half',
    right: 'Right half',
    upper: 'Upper half',
    lower: 'Lower half',
    all: 'Everything',
  },
  invert: 'Invert',
  clear: 'Clear',
  download: 'Save the mask',
  upload: 'Open a mask',
  undo: 'Undo the last change of the mask',
  redo: 'Redo the change of the mask',
  done: 'Done',
  saveFirst: (name: string) => `It needs the mask beside the photo: save ${name} there.`,
  canvas:
    'Mask. The arrow keys move the brush, with Shift in small steps; Space or Enter paints or erases under it, and held down with arrows draws a line.',
  part: (percent: number) => `Dreams on ${percent} % of the photo`,
  everywhere: 'Nothing painted: the whole photo dreams.',
  missing: (name: string) => `It went by the mask ${name}, which is not here: open it under “Mask”.`,
};

const zh: typeof en = {
  open: '蒙版',
  openTitle: '画出照片在哪里做梦',
  tools: '蒙版工具',
  paint: '画笔',
  erase: '橡皮',
  size: '画笔大小',
  shape: '添加形状……',
  eraseShape: '擦除形状……',
  shapes: {
    ellipse: '中间的椭圆',
    rectangle: '中间的矩形',
    left: '左半边',
    right: '右半边',
    upper: '上半边',
    lower: '下半边',
    all: '全部',
  },
  invert: '反选',
  clear: '清空',
  download: '保存蒙版',
  upload: '打开蒙版',
  undo: '撤销对蒙版的上一步修改',
  redo: '重做对蒙版的修改',
  done: '完成',
  saveFirst: (name) => `需要把蒙版 ${name} 保存在照片旁边。`,
  canvas: '蒙版。方向键移动画笔，按住 Shift 则小步移动；空格或回车在画笔处涂画或擦除，按住再用方向键可画线。',
  part: (percent) => `照片的 ${percent}% 会做梦`,
  everywhere: '还没有涂画：整张照片都会做梦。',
  missing: (name) => `它用到的蒙版 ${name} 不在这里，请在“蒙版”中打开它。`,
};

/** By language. */
export const maskWords = { en, zh };
