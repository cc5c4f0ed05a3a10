import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig({
  plugins: [tokensAsFile()],
  build: {
    outDir: here('../ui/static'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    minify: true,
    lib: { entry: { viewer: here('src/index.ts') }, formats: ['es'] },
    chunkSizeWarningLimit: 1200,
  },
  server: { open: '/dev.html' },
});
