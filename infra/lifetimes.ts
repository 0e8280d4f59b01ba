/** Limits of a session that somebody wrote. */
interface LifetimeSettings {
  idleMinutes?: number | undefined
  absoluteMinutes?: number | undefined
}

/** The same in seconds, as the runtime has it; what nobody wrote is left out. */
export function planLifetimes({ idleMinutes, absoluteMinutes }: LifetimeSettings) {
  return {
    ...(idleMinutes === undefined ? {} : { idleSeconds: idleMinutes * 60 }),
    ...(absoluteMinutes === undefined ? {} : { absoluteSeconds: absoluteMinutes * 60 }),
  }
}
