const DATABASE = 'oss-direct'
const HANDLES = 'handles'

/** What tells one upload of this browser from the others. */
export interface HandleName {
  sub: string
  rule: string
  path: string
  size: number
  lastModified: number
}

/** Keeps the handle of a file, so that it can be read again after a reload. */
export function keepHandle(name: HandleName, handle: FileSystemFileHandle): Promise<unknown> {
  return withHandles('readwrite', (store) => store.put(handle, keyOf(name)))
}

/** Returns the handle of a file, where one is kept. */
export async function findHandle(name: HandleName): Promise<FileSystemFileHandle | undefined> {
  const found = await withHandles('readonly', (store) => store.get(keyOf(name)))
  return found as FileSystemFileHandle | undefined
}

/** Forgets the handle of a file. */
export function forgetHandle(name: HandleName): Promise<unknown> {
  return withHandles('readwrite', (store) => store.delete(keyOf(name)))
}

/** Reads the file of a handle; `undefined` where the browser does not let the page, or the file is gone. */
export async function readHandle(
  handle: FileSystemFileHandle,
  { asks }: { asks: boolean },
): Promise<File | undefined> {
  const { queryPermission, requestPermission } = handle as Partial<Permissions>
  const request = asks ? requestPermission : queryPermission
  try {
    const state = (await request?.call(handle, { mode: 'read' })) ?? 'denied'
    return state === 'granted' ? await handle.getFile() : undefined
  } catch {
    // Moved or deleted, or asked without a click.
    return undefined
  }
}

// Chromium's; not in the types of the platform yet.
interface Permissions {
  queryPermission(options: { mode: 'read' }): Promise<PermissionState>
  requestPermission(options: { mode: 'read' }): Promise<PermissionState>
}

function keyOf({ sub, rule, path, size, lastModified }: HandleName): string {
  return JSON.stringify([sub, rule, path, size, lastModified])
}

async function withHandles<T>(
  mode: IDBTransactionMode,
  request: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await openDatabase()
    const done = toPromise(request(database.transaction(HANDLES, mode).objectStore(HANDLES)))
    return await done.finally(() => database.close())
  } catch {
    // A browser that blocks site data: the file is chosen again after a reload.
    return undefined
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(HANDLES)
  return toPromise(request)
}

function toPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
