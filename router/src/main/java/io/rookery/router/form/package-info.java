/** Data forms (XEP-0004, XEP-0068): what is asked for, and strict reading of what is answered. */
package io.rookery.router.form;
