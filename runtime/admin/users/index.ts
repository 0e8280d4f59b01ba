export { changeUser, deleteUser, exportUser, showDeleteUser } from './actions.ts'
export { inviteUser, showInvite } from './invite.ts'
export { showUsers } from './list.ts'
export { showUser } from './show.ts'
