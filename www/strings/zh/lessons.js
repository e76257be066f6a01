/** 导览与练习的中文字符串。 */
export const lessons = {
  "lesson.label": "导览与练习",
  "lesson.back": "上一站",
  "lesson.next": "下一站（{at} / {of}）",
  "lesson.end": "完成",
  "lesson.leave": "离开导览",
  "lesson.copy": "复制答案的链接",
  "lesson.copied": "已复制",
  "lesson.notCopied": "浏览器不允许复制；链接就在地址栏里",
  "lesson.task": "看题目",
  "lesson.open": "尚未解出",
  "lesson.solved": "已解出",
  "lesson.changed": "有不该改动的设置被改动了",
  "lesson.done": "已解出",
  "lesson.file": "把解出的练习存为文件",
  "lesson.noneSolved": "这个浏览器里还没有解出练习。",
};
