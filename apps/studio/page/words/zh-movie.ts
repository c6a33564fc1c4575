import type { movieWords as english } from './en-movie.js';

/** What is said of movies, in Simplified Chinese. */
export const movieWords: typeof english = {
  what: '制作什么',
  picture: '图片',
  movie: '影片',
  heading: '缩放影片',
  hint: '镜头飞入照片，每一帧都在前一帧上做梦。',
  start: '制作影片',
  try: (frames) => `试做 ${frames} 帧`,
  facts: (frames, time) => `${frames} 帧，播放 ${time}`,
  at: (done, total) => `已完成 ${done}/${total} 帧`,
  player: '影片',
  of: (photo) => `${photo} 的缩放影片`,
  download: '下载影片',
  close: '回到照片',
  flashes: (flashes, at) => `从第 ${at.toFixed(1)} 秒起的一秒内闪烁 ${flashes} 次。超过三次可能伤害光敏性癫痫患者。`,
  options: {
    frames: '帧数',
    fps: '每秒帧数',
    zoom: '每帧缩放',
    rotate: '每帧旋转',
    panX: '向右',
    panY: '向下',
    drift: '用什么保持色调',
    driftTo: '保持谁的色调',
    loop: '结尾',
    reverse: '从最后一帧倒着放',
  },
  choices: {
    none: '无',
    'mean-std': '均值和标准差',
    histogram: '直方图',
    luma: '只保持明暗，颜色自由',
    first: '照片的',
    moving: '每帧做梦之前的',
    'ping-pong': '再倒着放一遍',
    seamless: '飞回照片',
  },
  keyframes: '关键帧',
  keyframesHint: '镜头在这里改变：数值从一个关键帧过渡到下一个。',
  addKeyframe: '添加关键帧',
  keyframe: (frame) => `关键帧 ${frame}`,
  removeKeyframe: (frame) => `移除关键帧 ${frame}`,
  frame: '帧',
  ease: '如何过渡',
  easings: { linear: '均匀', in: '先慢', out: '后慢', 'in-out': '两头慢', hold: '不过渡，到时突变' },
};

/** What is refused about movies, and what can be done. */
export const movieRefusals: Readonly<Record<string, string>> = {
  'movie/no-encoder':
    '此浏览器不能写影片：它没有 WebCodecs 编码器。请用新版的 Chrome、Edge、Firefox 或 Safari，或让服务器制作。',
};
