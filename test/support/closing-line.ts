import type { Reporter, TestModule } from 'vitest/node'

import { pluginChoice } from './plugins/choice.ts'

const PLUGINS = {
  official: 'the official ones, unchanged',
  'stand-in': 'the stand-ins of test/support/plugins (GATEWRIGHT_PLUGINS=official takes the official ones)',
} as const

/** Ends a run with `N passed, N failed`, the line that CI reads; a test that did not run counts as failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0
    let failed = unhandled.length
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1
      for (const test of module.children.allTests()) {
        if (test.result().state === 'passed') passed += 1
        else failed += 1
      }
    }
    if (modules.some(({ project }) => project.name === 'vendors'))
      console.log(`\nVendors' Pulumi plugins: ${PLUGINS[pluginChoice()]}.`)
    console.log(`\n${passed} passed, ${failed} failed`)
  }
}
