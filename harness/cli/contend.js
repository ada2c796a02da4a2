#!/usr/bin/env node
// The entry: JavaScript that an old Node parses too, so that it can say what it needs instead of failing on the
// first line of TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `contend: needs Node 22.18 or newer, not ${process.version}: run "npm ci" in the clone, which brings one ` +
      'that "npx contend" and "npm start" use\n',
  );
  process.exitCode = 2;
} else {
  // Running TypeScript as it is warns of being experimental on some versions; other warnings are shown.
  const show = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') for (const listener of show) listener(warning);
  });
  // Code without its types is kept in the temporary directory from one start to the next.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { start } = await import('./main.ts');
  await start();
}
