import { render } from 'preact';
import '../meeting/styles/base.css';
import '../meeting/styles/controls.css';
import '../meeting/styles/doctor.css';
import { linkOf } from '../meeting/info.ts';
import { DoctorPage } from './DoctorPage.tsx';

render(<DoctorPage socketUrl={linkOf(location.href).socketUrl} />, document.getElementById('page')!);
