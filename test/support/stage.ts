import type { RuntimeConfig } from '../../runtime/config.ts'
import { createBrowser } from './browser.ts'
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts'
import { requireNoTokens } from './issued-tokens.ts'
import { forwardTo } from './release.ts'
import { signIn } from './visitor.ts'
import { type Recorder, request, startRecorder } from './wire/index.ts'

/** Routes of the test gateway: for staff, for admins, for everybody. */
export type RouteName = 'hello' | 'admin' | 'docs'

/** A running gateway, an upstream that records bytes behind all its routes, and somebody of staff who is signed in. */
export interface Stage {
  gateway: TestGateway
  upstream: Recorder
  port: number
  /** The Host of a route. */
  host(route: RouteName): string
  /** The Cookie of the person, at `hello`. */
  cookie: string
  /** Signs another browser in at `hello`. @returns its Cookie there */
  signIn(): Promise<string>
  /** A request in raw bytes that ends its connection. */
  get(route: RouteName, target: string, ...fields: string[]): string
  close(): Promise<void>
}

export interface StageOptions extends Omit<TestGatewayOptions, 'app' | 'upgrade'> {
  config?: (config: RuntimeConfig) => void
  handle?: Recorder['handle']
}

/** Starts one; close it in `afterAll`. */
export async function startStage({ config, handle, ...options }: StageOptions = {}): Promise<Stage> {
  const upstream = await startRecorder()
  const gateway = await startTestGateway({
    ...options,
    config(fresh) {
      for (const route of Object.values(fresh.routes)) route.action = forwardTo(upstream.origin)
      config?.(fresh)
    },
  })
  const newCookie = async (): Promise<string> => {
    const browser = createBrowser()
    const { page } = await signIn(gateway, `${gateway.hello}/`, browser)
    if (page.status !== 200) throw new Error(`signing in ended with ${page.status}: ${page.text.slice(0, 400)}`)
    return browser.jar.getCookieString(gateway.hello)
  }
  const cookie = await newCookie().catch(async (error: unknown) => {
    await Promise.all([gateway.close(), upstream.close()])
    throw error
  })
  upstream.arrivals.length = 0
  if (handle) upstream.handle = handle
  const host = (route: RouteName): string => new URL(gateway[route]).host
  return {
    gateway,
    upstream,
    port: gateway.config.listen.port,
    host,
    cookie,
    signIn: newCookie,
    get: (route, target, ...fields) => request('GET', target, `Host: ${host(route)}`, ...fields, 'Connection: close'),
    async close() {
      await gateway.close()
      await upstream.close()
      requireNoTokens(upstream.received.join('\n'), 'what the upstream was sent')
    },
  }
}
