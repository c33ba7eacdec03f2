using System.Diagnostics;

/// <summary>Loaded by the runtime into a program started with <c>DOTNET_STARTUP_HOOKS</c>; when that program ends,
/// lists the assemblies and native libraries that it had loaded. The runtime wants this name, without a
/// namespace.</summary>
internal static class StartupHook
{
    /// <summary>The environment variable with the file to write.</summary>
    public const string FileVariable = "MLBUILD_TEST_LOADED_FILE";

    public static void Initialize() => AppDomain.CurrentDomain.ProcessExit += (_, _) => File.WriteAllLines(
        Environment.GetEnvironmentVariable(FileVariable)!,
        [
            .. AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!),
            .. Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(module => module.ModuleName),
        ]);
}
