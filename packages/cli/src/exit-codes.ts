/** The exit codes. Scripts rely on them: `--help` and the README list them. */
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

/** The end of every `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    success
  1    a fault of this program, or the output could not be written
  2    the command line or the configuration is wrong; nothing was sent
  3    the input breaks a rule; nothing was sent
  4    failed: at least one secret was not stored, or a check failed
  5    at least one secret may be stored: its outcome is unknown
  130  interrupted by Ctrl-C (143: by SIGTERM)
After 4, 5, 130 and 143 it is safe to run the same command again: nothing is stored twice.`;
