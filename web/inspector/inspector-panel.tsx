/** The part of the page for inspector. */
export function InspectorPanel() {
  return <section class="inspector-panel" />
}
