import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import { compileScript, parse } from 'vue/compiler-sfc'

/** Lets esbuild compile components with `<script setup>` and without styles, as Vue's own plugins do. */
export const vuePlugin: Plugin = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor, errors } = parse(readFileSync(path, 'utf8'), { filename: path })
      if (errors.length > 0) return { errors: errors.map(({ message }) => ({ text: message })) }
      const { content } = compileScript(descriptor, { id: 'example', inlineTemplate: true })
      return { contents: content, loader: 'js' }
    })
  },
}
