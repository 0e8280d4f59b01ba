export { COPY_SCRIPT, copyable } from './copyable.ts'
export { checkbox, field, type FieldOptions, hidden, select, type SelectOptions } from './fields.ts'
export {
  actions,
  type ButtonOptions,
  confirmForm,
  type ConfirmOptions,
  form,
  type FormOptions,
  searchForm,
  submit,
} from './forms.ts'
export {
  avatar,
  badge,
  chips,
  crossList,
  facts,
  linkButton,
  type LinkOptions,
  moment,
  requestLine,
  tickList,
} from './links.ts'
export { plain, strong } from './names.ts'
export { navigation, type NavigationOptions, pagination } from './navigation.ts'
export { disclosure, divider, notice, type NoticeTone, pageHead, section } from './notices.ts'
export { type Column, table, type TableOptions } from './table.ts'
