import { pino, type Logger, type LoggerOptions } from 'pino';
import type { Observation, Observer } from '../../application/ports/observer.js';

/** Where a log is written: programs that answer on standard output log beside it. */
export type LogOutput = 'standard output' | 'standard error';

/** The process's log: one JSON line per meaningful fact. */
export const createLog = (role: string, level: string, output: LogOutput = 'standard output'): Logger => {
  const options: LoggerOptions = {
    level,
    base: { process: role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Observations hold no personal data by their types; this catches what a library or a defect may bring.
    redact: {
      paths: [
        '*.password',
        '*.secret',
        '*.token',
        '*.email',
        '*.address',
        '*.name',
        'password',
        'secret',
        'token',
        'email',
      ],
      censor: '[redacted]',
    },
  };
  return output === 'standard error' ? pino(options, pino.destination({ fd: 2, sync: true })) : pino(options);
};

const levelOf = (observation: Observation): 'debug' | 'info' | 'warn' | 'error' => {
  switch (observation.type) {
    case 'decision_made':
    case 'step_finished':
    case 'revision_conflict':
      return 'debug';
    case 'order_changed':
    case 'process_started':
    case 'remedy_applied':
    case 'command_refused':
    case 'task_gone':
      return 'info';
    case 'step_failed':
    case 'fact_not_understood':
    case 'role_hindered':
      return 'warn';
    case 'decision_not_reproduced':
    case 'alarm':
      return 'error';
  }
};

/** Writes observations to the log and counts them by type. */
export const createObserver = (log: Logger, count: (type: Observation['type']) => void): Observer => ({
  observe: (observation) => {
    count(observation.type);
    const { type, ...facts } = observation;
    log[levelOf(observation)](facts, type.replaceAll('_', ' '));
  },
});
