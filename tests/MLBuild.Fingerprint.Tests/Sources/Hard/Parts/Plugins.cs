using System;
using System.Linq;

namespace Parts;

/// <summary>What is found by looking for it.</summary>
public interface IPlugin
{
    double Run();
}

public sealed class FirstPlugin : IPlugin
{
    public double Run() => 1;
}

public static class Plugins
{
    public static double All() => typeof(IPlugin).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IPlugin)))
        .Sum(type => ((IPlugin)Activator.CreateInstance(type)!).Run());

    public static double Named(string name) => ((IPlugin)Activator.CreateInstance(Type.GetType(name)!)!).Run();
}
