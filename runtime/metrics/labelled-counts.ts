import { CATALOGUE, type MetricName } from './catalogue.ts'
import { type Family, family } from './samples.ts'

/** More than any configuration has providers, routes and codes for one metric. */
const MAX_SERIES = 20_000

/** A counter of what happens seldom, by labels. */
export class LabelledCounts {
  readonly #name: MetricName
  readonly #series = new Map<string, { labels: Record<string, string>; value: number }>()

  constructor(name: MetricName) {
    this.#name = name
    // Without labels there is one series, and that it is zero is worth knowing.
    if (CATALOGUE[name].labels.length === 0) this.add([], 0)
  }

  /** @param values of the labels, in the catalogue's order */
  add(values: readonly string[], by = 1): void {
    const key = values.join('\0')
    const series = this.#series.get(key)
    if (series) series.value += by
    else if (this.#series.size < MAX_SERIES) this.#series.set(key, { labels: this.#labels(values), value: by })
  }

  family(): Family {
    return family(
      this.#name,
      [...this.#series.values()].map(({ labels, value }) => ({ labels, value })),
    )
  }

  #labels(values: readonly string[]): Record<string, string> {
    return Object.fromEntries(CATALOGUE[this.#name].labels.map((label, index) => [label, values[index] ?? '']))
  }
}
