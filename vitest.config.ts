import { defineConfig } from 'vitest/config'

/** Tests that start programs of their own: right, and slower than what one runs after every change. */
const PROCESSES = ['test/bin/**/*.test.ts', 'test/{infra,runtime}/**/{process,launcher,*.process}.test.ts']

/** Tests that talk to real servers in this process: gateways, identity providers, stores. */
const SERVERS = [
  'test/docs/programs.test.ts',
  'test/infra/{connection-test,provider}/**/*.test.ts',
  'test/runtime/{accounts,account-pages,admin,authenticate,connection-test,http1,listen,mail,programs,providers,proxy,server,sessions,store,upstreams}/**/*.test.ts',
]

/** Tests of the engine against a Kubernetes cluster. */
const CLUSTER = ['test/engine/{kubernetes,production}*.test.ts']

/** Each file has a project, ports and vendors of its own; more than two engines at once only wait for each other. */
const TOGETHER = { hookTimeout: 180_000, maxWorkers: 2, sequence: { groupOrder: 1 } }

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{infra,runtime,docs,bench}/**/*.test.ts'],
          exclude: [...PROCESSES, ...SERVERS],
          // Where stacks of mocked resources put their files.
          env: { PULUMI_NODEJS_ROOT_DIRECTORY: '.vitest/project' },
          // Loading the same modules anew for each file would take as long as the tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'abuse',
          include: ['test/abuse/**/*.test.ts'],
          globalSetup: 'test/support/build-gateway.ts',
          env: { GATEWRIGHT_TEST_BUNDLE: '.vitest/gateway.mjs' },
          isolate: false,
        },
      },
      {
        test: {
          name: 'wire',
          include: ['test/{behaviour,fuzz}/**/*.test.ts'],
          globalSetup: 'test/support/build-gateway.ts',
          env: { GATEWRIGHT_TEST_BUNDLE: '.vitest/gateway.mjs' },
          testTimeout: 60_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: 'server', include: SERVERS, exclude: PROCESSES, isolate: false } },
      { test: { name: 'process', include: PROCESSES, testTimeout: 30_000, hookTimeout: 30_000 } },
      {
        test: {
          name: 'engine',
          include: ['test/engine/*.test.ts'],
          exclude: CLUSTER,
          testTimeout: 180_000,
          ...TOGETHER,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts', ...CLUSTER],
          globalSetup: 'test/support/cluster/global-setup.ts',
          testTimeout: 180_000,
          ...TOGETHER,
        },
      },
      {
        test: {
          name: 'vendors',
          include: ['test/engine/identity-providers/*.test.ts'],
          testTimeout: 180_000,
          ...TOGETHER,
        },
      },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, ...TOGETHER } },
    ],
  },
})
