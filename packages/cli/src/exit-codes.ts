/** What the command ends with. Scripts rely on these: they are in --help and the README. */
export const EXIT = {
  done: 0,
  fault: 1,
  usage: 2,
  invalid: 3,
  failed: 4,
  unknown: 5,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The end of every --help. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    everything asked for is done
  1    a fault of this program
  2    the command line or the configuration is wrong; nothing was sent
  3    the input breaks a rule; nothing was sent
  4    failed: at least one secret was not stored, or the Worker did not answer
  5    of at least one secret nobody can tell whether it was stored
  130  broken off by Ctrl-C (143: by SIGTERM) before it was done
After 4, 5, 130 and 143 the same command may be run again: nothing is stored twice.`;
