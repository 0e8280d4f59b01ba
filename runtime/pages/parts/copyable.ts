import type { Look } from '../look.ts'
import { markup, type Markup } from '../markup.ts'
import { pageWords } from '../words/index.ts'

/**
 * Shows a value that people carry elsewhere. The button appears where the page has `COPY_SCRIPT` as its
 * script.
 * @param names what the value is, for screen readers
 */
export function copyable(look: Pick<Look, 'language'>, value: string, names: string): Markup {
  const words = pageWords(look.language).parts
  return markup`<div class="copy"><input class="input" value="${value}" aria-label="${names}" readonly><button class="button compact" type="button" data-copied="${words.copied}" hidden>${words.copy}</button><span class="unseen" role="status"></span></div>`
}

/** Makes the buttons of `copyable` work; static, so that its digest can stand in the policy. */
export const COPY_SCRIPT = `for (const button of document.querySelectorAll('.copy button')) {
  const value = button.previousElementSibling, status = button.nextElementSibling, label = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(value.value)
      button.textContent = status.textContent = button.dataset.copied
      setTimeout(() => { button.textContent = label; status.textContent = '' }, 2000)
    } catch {
      value.select()
    }
  })
}`
