/** The walk and the exercises in English. */
export const lessons = {
  "lesson.label": "Walk and exercises",
  "lesson.back": "Back",
  "lesson.next": "Next ({at} of {of})",
  "lesson.end": "Done",
  "lesson.leave": "Leave the walk",
  "lesson.copy": "Copy a link to my solution",
  "lesson.copied": "Copied",
  "lesson.notCopied": "The browser does not allow copying; the address bar has the link",
  "lesson.task": "To the task",
  "lesson.open": "Not yet",
  "lesson.solved": "Solved",
  "lesson.changed": "something is changed that was to stay",
  "lesson.done": "solved",
  "lesson.file": "What I have solved, as a file",
  "lesson.noneSolved": "No exercise has been solved in this browser yet.",
};
