import { fileURLToPath } from 'node:url';

import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';

it('puts the one stage into a chunk that both entries import', async () => {
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  const options = { write: false, minify: false, reportCompressedSize: false } as const;
  const built = await build({ configFile, logLevel: 'silent', build: options });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput;
  const chunks = output.filter((file) => file.type === 'chunk');
  const [home] = chunks.filter((chunk) =>
    chunk.moduleIds.some((id) => id.endsWith('/src/stage.ts')),
  );
  const entries = chunks.filter((chunk) => chunk.isEntry);
  expect(entries.map(({ fileName }) => fileName).sort()).toEqual(['timeline.js', 'viewer.js']);
  expect(home.isEntry).toBe(false);
  for (const { imports, exports } of entries) {
    expect(imports).toContain(home.fileName);
    expect(exports).toContain('stage');
  }
}, 60_000);
