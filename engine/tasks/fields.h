#pragma once

#include <vector>

#include "engine/experiment/schema.h"

namespace nullcline {

/// The fields that every task has (dt, tau, T, N_batch), then those of its own.
std::vector<Field> task_fields(std::vector<Field> own);

}  // namespace nullcline
