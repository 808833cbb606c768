import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { selected } from '../upload/transfers'

/** Shows the inspector, whose code is loaded when a transfer is selected for the first time. */
export function Inspector() {
  const [loaded, setLoaded] = useState<{ Panel: ComponentType }>()
  const isWanted = selected.value !== undefined
  useEffect(() => {
    if (!isWanted || loaded) return
    const load = async () => {
      const { InspectorPanel } = await import('../inspector/inspector-panel')
      setLoaded({ Panel: InspectorPanel })
    }
    load().catch(() => {
      // It is asked for again with the next selection.
      selected.value = undefined
    })
  }, [isWanted, loaded])
  return isWanted && loaded ? <loaded.Panel /> : null
}
