#pragma once

#include "engine/analysis/measure.h"
#include "engine/networks/initializer.h"
#include "engine/networks/network.h"
#include "engine/training/loss.h"
#include "engine/training/penalty.h"

namespace nullcline {

// What the files of this folder add to the engine; extensions.cpp registers and trains it.
NetworkType feed_forward_network();
InitializerType delay_line();
LossFunction huber_loss();
Penalty rate_change_penalty();
Measure choice_margin();

}  // namespace nullcline
