import { effect, signal } from '@preact/signals'
import { user } from '../session/session'
import { forgetHandle, type HandleName, keepHandle } from './handles'
import { createTransfer, type LiveTransfer, type TransferInput } from './live-transfer'
import { prepare, renameBeside } from './prepare'
import { chosenRule, chosenWay } from './settings'
import { storedCount } from './stored'
import { forgetListed } from './taken-names'
import { isActive, isFinished, isRunning, type Transfer } from './transfer'
import { dropUnfinishedOf, findUnfinished, refreshUnfinished } from './unfinished'

// Each sends several parts at once; browsers open six connections to a host.
const WIDTH = 3

// So many are added in one task: more would hold the page up.
const ADDED_AT_ONCE = 40

/** The files that were given to the page, in that order. */
export const transfers = signal<readonly Transfer[]>([])

/** The transfer that the inspector shows. */
export const selected = signal<Transfer | undefined>(undefined)

/** Files that were given before it is known what the user may use. */
const early: GivenFile[] = []

const handles = new WeakMap<Transfer, FileSystemFileHandle>()

/** A file that was given to the page. */
export interface GivenFile {
  file: File
  /** Its name, with its folders where it came in some. */
  path: string
  /** By which it can be read again after a reload. */
  handle?: FileSystemFileHandle
}

/** Uploads these files as the user chose: each with its path, which is its name where it has no folder. */
export function addFiles(files: readonly GivenFile[]): void {
  const rule = chosenRule.peek()
  if (!rule) {
    early.push(...files)
    return
  }
  const chosen = { rule: rule.name, way: chosenWay.peek(), user: user.peek() }
  const addFrom = (first: number) => {
    const next = first + ADDED_AT_ONCE
    append(files.slice(first, next).map((given) => toAdded(given, chosen)))
    if (next < files.length) setTimeout(addFrom, 0, next)
  }
  addFrom(0)
}

function toAdded(
  { file, path, handle }: GivenFile,
  chosen: Pick<TransferInput, 'rule' | 'way' | 'user'>,
): { transfer: LiveTransfer; isDecided: boolean } {
  const begun = findUnfinished(file)
  const known = begun && { rule: begun.rule, path: begun.filename, way: begun.way }
  const input = { file, path: path.normalize('NFC'), ...chosen, ...known }
  return { transfer: create(input, handle), isDecided: begun !== undefined }
}

/** Where a stored file is replaced: `path` is its folder, '' for the top one. */
export interface ReplacedFile {
  rule: string
  filename: string
  path: string
}

/** Uploads a file in the place of a stored one. */
export function replaceFile(file: File, { rule, filename, path }: ReplacedFile): void {
  const whole = path ? `${path}/${filename}` : filename
  const input = { file, path: whole, rule, way: 'auto', user: user.peek() } as const
  append([{ transfer: create(input), isDecided: true }])
}

/** Sends the next transfers whenever there is room, and the early files once it is known what the user may use. */
export function startTransfers(): void {
  effect(() => {
    if (chosenRule.value && early.length > 0) addFiles(early.splice(0))
  })
  effect(() => {
    const room = WIDTH - transfers.value.filter(isRunning).length
    const waiting = transfers.value.filter(({ state }) => state.value.phase === 'waiting')
    const next = waiting.slice(0, Math.max(0, room))
    queueMicrotask(() => {
      for (const transfer of next.map(toLive)) {
        if (transfer.state.peek().phase === 'waiting') start(transfer)
      }
    })
  })
  addEventListener('beforeunload', (event) => {
    if (transfers.peek().map(toLive).some(wouldBeLost)) event.preventDefault()
  })
}

/** Stops sending; what OSS has stays there. */
export function pause(transfer: Transfer): void {
  toLive(transfer).pause()
}

/** Lets a paused transfer go on when there is room. */
export function resume(transfer: Transfer): void {
  toLive(transfer).set({ phase: 'waiting' })
}

/** Ends a transfer; no part of it stays in OSS. */
export function cancel(transfer: Transfer): Promise<void> {
  return toLive(transfer).cancel()
}

/** Sends a transfer again that has failed or was cancelled. */
export function retry(transfer: Transfer): void {
  void prepare(toLive(transfer), { others: transfers.peek(), isDecided: true })
}

/** What to do about a name that is taken. */
export type Decision = 'replace' | 'both' | 'skip'

/** Goes on with a transfer whose name is taken. */
export async function decide(transfer: Transfer, decision: Decision): Promise<void> {
  if (decision === 'skip') return remove(transfer)
  const live = toLive(transfer)
  live.set({ phase: 'checking' })
  if (decision === 'both') await renameBeside(live, transfers.peek())
  live.set({ phase: 'waiting' })
}

/** Takes a transfer off the list, and its parts out of OSS where it left some. */
export async function remove(transfer: Transfer): Promise<void> {
  if (selected.peek() === transfer) selected.value = undefined
  transfers.value = transfers.peek().filter((each) => each !== transfer)
  if (isActive(transfer)) await cancel(transfer)
  else if (transfer.state.peek().phase === 'failed') await dropUnfinishedOf(transfer)
}

/** Takes the transfers off the list that are done or cancelled. */
export function clearFinished(): void {
  if (selected.peek() && isFinished(selected.peek() as Transfer)) selected.value = undefined
  transfers.value = transfers.peek().filter((each) => !isFinished(each))
}

function create(input: TransferInput, handle?: FileSystemFileHandle): LiveTransfer {
  const transfer = createTransfer(input, onEnd)
  if (handle) handles.set(transfer, handle)
  return transfer
}

function start(transfer: LiveTransfer): void {
  const handle = handles.get(transfer)
  if (handle && transfer.goesOnLater) void keepHandle(toHandleName(transfer), handle)
  transfer.go()
}

function append(added: readonly { transfer: LiveTransfer; isDecided: boolean }[]): void {
  const before = transfers.peek()
  const all = [...before, ...added.map(({ transfer }) => transfer)]
  transfers.value = all
  for (const [index, { transfer, isDecided }] of added.entries()) {
    // Of two with the same name, the later one asks.
    void prepare(transfer, { others: all.slice(0, before.length + index), isDecided })
  }
}

function onEnd(transfer: LiveTransfer): void {
  const { phase, sentBytes } = transfer.state.peek()
  if (phase === 'done' || sentBytes === transfer.file.size) {
    forgetListed()
    storedCount.value += 1
  }
  if (phase !== 'failed' && handles.has(transfer)) void forgetHandle(toHandleName(transfer))
  void refreshUnfinished()
}

function toHandleName({ user, rule, path, file }: Transfer): HandleName {
  const { size, lastModified } = file
  return { sub: user.sub, rule, path, size, lastModified }
}

function wouldBeLost(transfer: LiveTransfer): boolean {
  const { phase, sentBytes } = transfer.state.peek()
  const isKept = transfer.goesOnLater && sentBytes > 0
  return isActive(transfer) && !(isKept && (isRunning(transfer) || phase === 'paused'))
}

// Every transfer of this page is made by `create`.
function toLive(transfer: Transfer): LiveTransfer {
  return transfer as LiveTransfer
}
