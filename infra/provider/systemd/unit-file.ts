import { environmentPath } from './names.ts'

/** What a unit file is made from. */
export interface UnitPlan {
  unit: string
  /** Project and stack that it belongs to: another one's `pulumi up` does not take its place. */
  owner: string
  /** In one line, for people. */
  description: string
  /** What else only a restart changes, in words: it is read by whoever looks at a preview. */
  fixed: readonly string[]
  user: string
  /** The program's folder: it may read all of it, and write below `data`. */
  folder: string
  /** Program and arguments; absolute, and nothing secret, since everybody can read it. */
  command: readonly string[]
  /** Ports that it listens on. */
  ports: readonly number[]
}

/** What our unit files begin with; who finds another file of the name leaves it alone. */
export const UNIT_HEADER = '# Made by Gatewright'

/** Begins the line that says whose a unit file is. */
const OWNER_LINE = '# Belongs to '

/** Whether two unit files are of the same project and stack. */
export function haveOneOwner(left: string, right: string): boolean {
  const ownerOf = (text: string): string | undefined => text.split('\n').find((line) => line.startsWith(OWNER_LINE))
  return ownerOf(left) === ownerOf(right)
}

/** Ports below are for who may: CAP_NET_BIND_SERVICE (capabilities(7)). */
const FIRST_FREE_PORT = 1024

/**
 * The unit of a program that keeps the contract of docs/architecture.md, "A program and its folder".
 *
 * It may see the machine's files but for homes, write nothing but its data, gain no rights, and use none of the kernel's rarer
 * doors. V8 makes code while it runs, so memory may be both written and executed.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
 */
export function renderUnit(plan: UnitPlan): string {
  const { unit, owner, description, fixed, user, folder, command } = plan
  return `${UNIT_HEADER}: the next \`pulumi up\` puts back what is changed here.
${OWNER_LINE}${owner}
# What is yours goes beside it: systemctl edit ${unit}
# Changed by a restart: ${fixed.join('; ')}
[Unit]
Description=${escapeSpecifiers(description)}
Wants=network-online.target
After=network-online.target
# It is never given up: what it waits for, such as a database, may be back in an hour.
StartLimitIntervalSec=0

[Service]
Type=exec
User=${user}
EnvironmentFile=${escapeSpecifiers(environmentPath(unit))}
WorkingDirectory=${escapeSpecifiers(folder)}
ExecStart=${[...command, '--folder', folder].map(quoteArgument).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=2
# SIGTERM is for the first process, which drains its workers within ten seconds.
KillMode=mixed
TimeoutStopSec=20
TimeoutStartSec=60
OOMPolicy=continue
LimitNOFILE=65536
StandardOutput=journal
StandardError=inherit
SyslogIdentifier=${escapeSpecifiers(unit)}
UMask=0077

${sandbox(plan)}
[Install]
WantedBy=multi-user.target
`
}

function sandbox({ folder, ports }: UnitPlan): string {
  const rights = ports.some((port) => port < FIRST_FREE_PORT) ? 'CAP_NET_BIND_SERVICE' : ''
  return `NoNewPrivileges=yes
AmbientCapabilities=${rights}
CapabilityBoundingSet=${rights}
ProtectSystem=strict
ReadWritePaths=${quoteArgument(`${folder}/data`)}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
KeyringMode=private
LockPersonality=yes
MemoryDenyWriteExecute=no
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @obsolete
SystemCallErrorNumber=EPERM
`
}

/** systemd replaces `%…` in most values (systemd.unit(5), "Specifiers"). */
function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%')
}

/** A word of a command line (systemd.service(5), "Command lines"), where `$` would name a variable. */
function quoteArgument(text: string): string {
  const escaped = escapeSpecifiers(text).replaceAll('$', '$$$$')
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, '\\$&')}"`
}

/**
 * An environment file: everything in quotes, within which only four characters mean something (systemd.exec(5)).
 * @param environment values of one line
 */
export function renderEnvironment(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}="${value.replace(/["\\`$]/g, '\\$&')}"\n`)
  return [`${UNIT_HEADER}\n`, ...lines].join('')
}
