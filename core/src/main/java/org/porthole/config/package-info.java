/// Settings: option tables, and how their values are found.
package org.porthole.config;
