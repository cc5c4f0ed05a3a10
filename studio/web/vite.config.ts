import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page around the viewer shares its colours, so the tokens are also written as a file. */
function tokensAsFile(): Plugin {
  return {
    name: 'tokens-as-file',
    apply: 'build',
    generateBundle() {
      const source = readFileSync(here('src/tokens.css'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'tokens.css', source });
    },
  };
}

/** `npm run dev` shows the studio's own characters without its server. */
function charactersInDev(): Plugin {
  return {
    name: 'characters-in-dev',
    configureServer(server) {
      server.middlewares.use('/assets/characters', (request, response, next) => {
        const file = here(`../../assets/characters/${basename(request.url ?? '')}`);
        if (!file.endsWith('.glb') || !existsSync(file)) return next();
        response.setHeader('Content-Type', 'model/gltf-binary');
        response.end(readFileSync(file));
      });
    },
  };
}

export default defineConfig({
  plugins: [tokensAsFile(), charactersInDev()],
  build: {
    outDir: here('../ui/static'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    minify: true,
    // What both share, the stage above all, is in chunks of its own, so that there is one of it.
    lib: {
      entry: { viewer: here('src/index.ts'), timeline: here('src/timeline/index.ts') },
      formats: ['es'],
    },
    rolldownOptions: { output: { chunkFileNames: 'shared/[name]-[hash].js' } },
    chunkSizeWarningLimit: 1200,
  },
  server: { open: '/dev.html' },
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'threads',
    fileParallelism: false,
    isolate: false,
  },
});
