import { render } from 'preact';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/doctor.css';
import { linkOf } from '../info.ts';
import { DoctorPage } from './DoctorPage.tsx';

render(<DoctorPage socketUrl={linkOf(location.href).socketUrl} />, document.getElementById('page')!);
