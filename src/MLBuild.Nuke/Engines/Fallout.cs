// Lets sources written for Nuke.Common compile against its fork Fallout.Common, which renamed namespaces and two types.
// Compiled only with -p:BuildEngine=fallout, into this project and into the build project.
global using Fallout.Common;
global using Fallout.Common.CI;
global using Fallout.Common.Execution;
global using Fallout.Common.IO;
global using Fallout.Common.Tooling;
global using Fallout.Common.ValueInjection;
global using INukeBuild = Fallout.Common.IFalloutBuild;
global using NukeBuild = Fallout.Common.FalloutBuild;

// Empty, so that 'using Nuke.Common;' binds.
namespace Nuke.Common
{
}

namespace Nuke.Common.CI
{
}

namespace Nuke.Common.Execution
{
}

namespace Nuke.Common.IO
{
}

namespace Nuke.Common.Tooling
{
}

namespace Nuke.Common.ValueInjection
{
}
