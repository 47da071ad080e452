"""爱心存折 timebank: a community's volunteer hours, points and goods, with books that verify."""
