import type { serverWords as english } from './en-server.js';

/** What is said of servers, in Simplified Chinese. */
export const serverWords: typeof english = {
  where: '在哪里做梦',
  here: '在此浏览器',
  there: '在服务器上',
  private: '照片只会发送到提供此页面的服务器，不会去别处。',
  gallery: '你做的每张图片都保存在这个浏览器中，服务器做好的也会来到这里。',
  silent: '服务器没有回应。每秒会再问一次，它已开始的工作不会丢失。',
  token: '服务器要求令牌（PAREIDOLIA_TOKEN）：',
  enter: '提交',
  jobs: '服务器正在做',
  job: (kind, name) => (name === '' ? kind : `${kind}：${name}`),
  kinds: {
    dream: '梦',
    zoom: '缩放影片',
    video: '视频',
    visualize: '可视化',
    atlas: '图集',
    activations: '激活图',
    grid: '网格',
  },
  states: { queued: '排队中', running: '进行中', waiting: '正在做它的各部分', paused: '已暂停' },
  watch: '查看',
  watchName: (title) => `查看 ${title}`,
  cancelName: (title) => `取消 ${title}`,
};

/** What a server refuses, and what can be done. */
export const serverRefusals: Readonly<Record<string, string>> = {
  'server/gone': '服务器没有回应。请重新启动它，或在此浏览器中做梦。',
  'server/network': '这里不能显示此网络的图层。请用内置网络，或在此浏览器中做梦。',
  'server/stopping': '服务器即将停止。等它恢复后再试。',
  'server/bug': '服务器没能做到，原因在它的日志里。请再试一次，或在此浏览器中做梦。',
  'token/missing': '服务器要求另一个令牌。请输入正确的令牌。',
  'queue/full': '服务器的任务已经太多。请稍后再试，或在此浏览器中做梦。',
  'queue/client-full': '你在服务器上未完成的任务太多。请取消一些，或稍等。',
  'body/too-large': '服务器最多接受 64 MiB 的照片。请使用较小的副本。',
  'job/canceled': '这个梦在服务器上被取消了。需要的话请重新开始。',
  'job/quarantined': '这个梦在服务器上崩溃了两次，已被隔离。请试试更小的尺寸，或在此浏览器中做梦。',
  'job/missing': '服务器上已经没有这个任务。请重新开始。',
  'picture/missing': '服务器上已经没有这张照片。请重新打开它。',
};
