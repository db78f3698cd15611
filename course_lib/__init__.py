"""The code behind the course: θ ← θ - η_t · m_t / σ_t, one part at a time.

optimizers   the direction m and the scale σ, and the named rules made of them
schedules    the learning rate η as a function of the number of updates done
surfaces     two-dimensional error surfaces with gradient and Hessian
network      a small multilayer perceptron on one flat θ, with its data in `data`
descent      runs an optimizer on a surface or a network and records the path
maps         the loss after T updates for every pair of two settings
plots        figures with text alternatives
explorers    pictures with sliders
feedback     check, hint and progress of the exercises
"""
