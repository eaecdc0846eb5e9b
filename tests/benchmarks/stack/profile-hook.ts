// Loaded before a process's own code (`node --import`): profiles it from start to exit. Node's own option for this is
// not taken from NODE_OPTIONS, which is the only way to reach processes that others start.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename, join } from 'node:path';

const directory = process.env['BENCH_PROFILE_DIRECTORY'];

if (directory !== undefined) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 500 });
  session.post('Profiler.start');
  process.once('exit', () => {
    // In the same thread the answer comes before `post` returns, so it is not too late.
    session.post('Profiler.stop', (failure, stopped) => {
      if (failure !== null) return;
      const name = basename(process.argv[1] ?? 'node', '.js');
      const file = join(directory, `${name}-${String(process.pid)}.cpuprofile`);
      writeFileSync(file, JSON.stringify(stopped.profile));
    });
  });
}
