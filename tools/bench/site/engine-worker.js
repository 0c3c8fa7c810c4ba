import "nullcline/worker";
