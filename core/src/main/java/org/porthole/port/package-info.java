/// Ports: messages between ranks, the rights to send them, and the agents that answer.
package org.porthole.port;
