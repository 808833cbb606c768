import './globals.mjs'
import { createRoot } from 'react-dom/client'
import { Documents } from '../../../examples/clients/react-antd.jsx'
import { tell } from './tell.mjs'

const onChange = ({ status, percent, response, error }) => {
  if (status === 'uploading') window.percents.push(percent)
  if (status === 'done') tell(`${response.key}: ${response.proven}`)
  if (status === 'error') tell(error.message)
}

createRoot(document.querySelector('#app')).render(<Documents onChange={onChange} />)
