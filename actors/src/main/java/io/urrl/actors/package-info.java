package io.urrl.actors;
